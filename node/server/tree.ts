/** Where the log's nodes lie: one list, each leaf followed by the inner nodes that it completes. */

/** How many nodes a tree of this size has. */
export function nodeCount(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest;
  return count;
}

/** Where the roots of the perfect subtrees of a tree lie, from the largest. */
export function peakPositions(size: number): number[] {
  const positions: number[] = [];
  let end = 0;
  for (let level = 52; level >= 0; --level) {
    const leaves = 2 ** level;
    if (Math.floor(size / leaves) % 2 === 0) continue;
    end += leaves;
    positions.push(nodeCount(end - 1) + level);
  }
  return positions;
}
