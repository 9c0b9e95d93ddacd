const AT_ONCE_BYTES = 5 * 1024 * 1024;

type Answer = { read: number } | { digest: string } | { error: string };

/** The SHA-256 of a file, lower-case hex. */
export async function sha256Of(file: Blob, progress: (read: number) => void, signal: AbortSignal): Promise<string> {
  // crypto.subtle has no pieces, and is only there on https and on this machine.
  if (file.size <= AT_ONCE_BYTES && globalThis.crypto?.subtle !== undefined) {
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  return inWorker(file, progress, signal);
}

function inWorker(file: Blob, progress: (read: number) => void, signal: AbortSignal): Promise<string> {
  const worker = new Worker(new URL('./digest.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<string>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    worker.onerror = () => reject(new Error('The file cannot be read. Choose it again.'));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if ('read' in data) progress(data.read);
      else if ('digest' in data) resolve(data.digest);
      else reject(new Error(data.error));
    };
    worker.postMessage(file);
  }).finally(() => worker.terminate());
}
