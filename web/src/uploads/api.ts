import { sendJson } from '../api/client';

/** JSON shapes of /api/v1/uploads. */
export type UploadKind = 'profilePicture' | 'eventImage' | 'prizeImage' | 'merchantDocument';

export interface UploadRequest {
  kind: UploadKind;
  entityId: string;
  contentType: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

export interface BlockPlan {
  blockBytes: number;
  ids: string[];
  missing: string[];
}

export interface SignedUpload {
  uploadId: string;
  objectKey: string;
  url: string;
  expiresAt: string;
  headers: Record<string, string>;
  /** Null for a file that goes as one. */
  blocks: BlockPlan | null;
  /** All of it is there already; only the confirmation is missing. */
  complete: boolean;
}

export interface ConfirmedUpload {
  uploadId: string;
  objectKey: string;
  url: string;
}

export const presign = (request: UploadRequest, signal: AbortSignal): Promise<SignedUpload> =>
  sendJson('POST', '/uploads/presign', request, signal);

export const resume = (uploadId: string, signal: AbortSignal): Promise<SignedUpload> =>
  sendJson('POST', `/uploads/${uploadId}/resume`, {}, signal);

export const confirm = (objectKey: string, signal: AbortSignal): Promise<ConfirmedUpload> =>
  sendJson('POST', '/uploads/confirm', { objectKey }, signal);
