/** Runs a script of this folder as a process of its own, and reads the numbers that it prints. */
import { type ChildProcess, spawn } from 'node:child_process';

/** A process of its own that runs a TypeScript file, under shell limits such as `ulimit -f 100;`. */
export function startChild(script: string, argument: string, limits = ''): ChildProcess {
  return spawn('sh', ['-c', `${limits} exec "$0" --import tsx "$1" "$2"`, process.execPath, script, argument], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The last line the child printed, once it is a number of at least `least`; the child goes on printing. */
export function printed(child: ChildProcess, least: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let [text, errors] = ['', ''];
    child.stderr!.setEncoding('utf8').on('data', (more) => (errors += more));
    child.stdout!.setEncoding('utf8').on('data', (more) => {
      text = (text + more).slice(-1000);
      const last = Number(text.split('\n').at(-2) ?? -1);
      if (last >= least) resolve(last);
    });
    child.on('close', () => reject(new Error(`the child ended early: ${text} ${errors}`)));
  });
}
