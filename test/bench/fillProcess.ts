import { fillDatabase } from './filledDatabase.ts';

/** Fills a database and ends: `fillProcess.ts <path> <counts as JSON>`. */
const [path = '', counts = ''] = process.argv.slice(2);
await fillDatabase(path, JSON.parse(counts));
