import { randomBytes } from 'node:crypto';
import type { Secrets } from './signature/verify.ts';
import { uniqueId } from './store.ts';
import type { XmlValue } from './xml.ts';

/** Keys that are valid only with their token. @param expires milliseconds since the epoch. */
export function newKeys(expires: number): { accessKeyId: string; secrets: Required<Secrets> } {
  return {
    accessKeyId: `ASIA${uniqueId('').slice(0, 16)}`,
    secrets: {
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(96).toString('base64'),
      expires,
    },
  };
}

/** In the form of STS's answers. */
export function credentialsView(
  accessKeyId: string,
  { secretAccessKey, sessionToken, expires }: Required<Secrets>,
): XmlValue {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: new Date(expires).toISOString(),
  };
}
