import type { Stats } from 'node:fs';

/** Write permission for the group or for others. */
const OTHERS_WRITE = 0o022;

/**
 * Refuses a journal or folder that other users can change, since its content decides what a run deletes. Windows has no
 * such owner and permissions, so nothing is refused there.
 * @throws Error with a message of one line that says what to do.
 */
export function assertOwn(path: string, { uid, mode }: Pick<Stats, 'uid' | 'mode'>): void {
  const own = process.getuid?.();
  if (own === undefined) return;
  if (uid !== own)
    throw new Error(
      `${path} belongs to another user (${uid}, not ${own}); give another folder with --journal`,
    );
  if ((mode & OTHERS_WRITE) !== 0) throw new Error(`others can write ${path}; chmod go-w ${path}`);
}
