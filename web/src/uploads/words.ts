import { ApiError } from '../api/client';

const WORDS: Readonly<Record<string, string>> = {
  unreachable: 'The server cannot be reached. What has arrived is kept: try again.',
  unauthenticated: 'Sign in first.',
  invalid_token: 'You were signed out. Sign in again.',
  upload_not_allowed: 'You may not upload this here.',
  upload_type_refused: 'This kind of file is not taken here.',
  upload_too_large: 'This file is too large.',
  upload_quota_exceeded: 'Too many uploads are open. Finish those first, or come back later.',
  upload_expired: 'This upload took longer than a day. Start it again.',
  upload_missing: 'The file did not arrive. Try again.',
  upload_size_mismatch: 'Another number of bytes arrived than the file has, so it was removed. Start it again.',
  upload_type_mismatch: 'The file is not what its name says, so it was removed.',
  upload_checksum_mismatch: 'The file changed on its way, so it was removed. Start it again.',
  uploads_unavailable: 'Files cannot be uploaded at the moment. Everything else works.',
  blob_unreachable: 'The connection broke. What has arrived is kept: try again.',
  blob_refused: 'The storage did not take the file. Try again.',
};

/** What to tell a person about a failed upload. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return WORDS[error.problem.code ?? ''] ?? error.message;
  return error instanceof Error ? error.message : String(error);
}

/** A failure of the storage itself, which answers no problem details. */
export function blobError(status: number): ApiError {
  const code = status === 0 ? 'blob_unreachable' : 'blob_refused';
  return new ApiError({ title: WORDS[code] ?? code, status, code });
}
