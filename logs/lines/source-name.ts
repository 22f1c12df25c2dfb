/**
 * The service that a source of lines belongs to, for lines that do not name one: shippers call their streams
 * `service/pod`, and files are called after what writes them.
 *
 * @example
 * serviceOfSource('frontend/frontend-5bc064c896-vsznk') // => 'frontend'
 * serviceOfSource('/var/log/payment.log') // => 'payment'
 * serviceOfSource('') // => 'unknown'
 */
export function serviceOfSource(source: string): string {
  const slash = source.indexOf('/');
  if (slash > 0) return source.slice(0, slash);
  const file = source.slice(source.lastIndexOf('/') + 1);
  const dot = file.indexOf('.');
  return (dot > 0 ? file.slice(0, dot) : file) || 'unknown';
}
