/** The product of the bench, which also collects its garbage when it is told to, so that what it keeps can be measured. */
process.on('SIGUSR2', () => globalThis.gc?.());
await import('../../bench/productProcess.ts');

export {};
