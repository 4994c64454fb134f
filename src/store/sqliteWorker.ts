import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { isBusy, openFile, type SqliteFile, stillInPlace } from './sqliteFile.ts';
import { type Ask, WriteGroup } from './writeGroup.ts';

/** What the thread says first: that the file is open, or why it is not. */
export type Opened = { open: true } | { open: false; inUse: boolean; cause: unknown };

/** The thread that owns the database: the process goes on reading requests while this one waits for the disk. */
function main(): void {
  const port = parentPort;
  if (!port) throw new Error('this file is a worker');
  const file = workerData as SqliteFile;
  try {
    const database = openFile(file);
    const group = new WriteGroup(database, stillInPlace(file));
    port.on('message', (first: Ask[] | 'close') => {
      const asked: Ask[] = [];
      // Whatever has come in while the last group was written shares the next transaction.
      for (let message: Ask[] | 'close' | undefined = first; message; message = receiveMessageOnPort(port)?.message) {
        if (message !== 'close') {
          asked.push(...message);
          continue;
        }
        port.postMessage(group.run(asked));
        database.close();
        return port.close();
      }
      port.postMessage(group.run(asked));
    });
    port.postMessage({ open: true } satisfies Opened);
  } catch (cause) {
    port.postMessage({ open: false, inUse: isBusy(cause), cause } satisfies Opened);
    port.close();
  }
}

main();
