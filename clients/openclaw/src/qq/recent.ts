/** Forget what was kept first, until no more than `most` are left of a map or a set. */
export function forgetOldest<K>(kept: Map<K, unknown> | Set<K>, most: number): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(oldest);
  }
}
