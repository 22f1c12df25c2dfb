export async function execute(): Promise<void> {}
