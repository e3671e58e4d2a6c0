import path from 'node:path';

/**
 * Removes this process's AWS credentials and region, so that no test uses the machine's profile.
 * @param folder a folder of the test, without AWS configuration.
 */
export function forgetCredentials(folder: string): void {
  for (const name of Object.keys(process.env)) if (/^AWS_/.test(name)) delete process.env[name];
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  process.env.AWS_SHARED_CREDENTIALS_FILE = path.join(folder, 'none');
  process.env.AWS_CONFIG_FILE = path.join(folder, 'none');
}

/** Sets credentials that the embedded AWS accepts, for one run. */
export async function withKeys<T>(run: () => Promise<T>): Promise<T> {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  try {
    return await run();
  } finally {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
  }
}
