import type { Stats } from 'node:fs';

/** Write permission of the group and of everybody. */
const OTHERS_WRITE = 0o022;

/**
 * Refuses what anybody but this user can change: what it says decides what is deleted. Windows tells neither owner nor
 * permissions in these terms, so there nothing is refused.
 * @throws Error in one line with the way out.
 */
export function assertOwn(path: string, { uid, mode }: Pick<Stats, 'uid' | 'mode'>): void {
  const own = process.getuid?.();
  if (own === undefined) return;
  if (uid !== own)
    throw new Error(
      `${path} belongs to another user (${uid}, not ${own}); name another folder with --journal`,
    );
  if ((mode & OTHERS_WRITE) !== 0) throw new Error(`others can write ${path}; chmod go-w ${path}`);
}
