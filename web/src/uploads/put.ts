import { blobError } from './words';

export type Progress = (sentBytes: number) => void;

/** PUTs a body to a signed URL. XMLHttpRequest, because fetch does not tell how much has gone. */
export function put(
  url: string, headers: Record<string, string>, body: Blob | string, progress: Progress, signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onabort = () => reject(signal.reason as Error);
    request.onerror = () => reject(blobError(0));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(blobError(request.status));
    };
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });
}
