/** How often it is looked whether this process runs, and the gap between two looks from which on it stood still (ms). */
const LOOK = 5;
const STOOD = 50;

/**
 * How long a wait took (ms), without the time for which this process `stood` still: on a busy machine that is nobody's delay. It tells nothing of work
 * that itself keeps the process from running.
 */
export async function ownTime<T>(work: () => Promise<T>): Promise<{ ms: number; stood: number; result: T }> {
  const begun = performance.now();
  let seen = begun;
  let stood = 0;
  const look = () => {
    const at = performance.now();
    if (at - seen > STOOD) stood += at - seen - LOOK;
    seen = at;
  };
  const looking = setInterval(look, LOOK);
  try {
    const result = await work();
    look();
    return { ms: seen - begun - stood, stood, result };
  } finally {
    clearInterval(looking);
  }
}
