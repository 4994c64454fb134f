import { Agent, request } from 'node:http';

/** Sends requests at an even pace whatever the answers do (open loop), and says how long each took to be answered (ms, ascending). */
export async function paced(
  url: string,
  { perSecond, seconds }: { perSecond: number; seconds: number },
  make: () => { headers: Record<string, string>; body: string },
): Promise<{ took: number[]; refused: number }> {
  const agent = new Agent({ keepAlive: true });
  const answers: Promise<number>[] = [];
  const took: number[] = [];
  const begun = performance.now();
  for (let count = 0; count < perSecond * seconds; count += 1) {
    const due = begun + (count * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const sent = performance.now();
    answers.push(
      post(agent, url, make()).then((status) => {
        took.push(performance.now() - sent);
        return status;
      }),
    );
  }
  const statuses = await Promise.all(answers);
  agent.destroy();
  return { took: took.sort((a, b) => a - b), refused: statuses.filter((status) => status !== 200).length };
}

/** The status, 0 when the connection broke. */
function post(
  agent: Agent,
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
): Promise<number> {
  return new Promise((resolve) => {
    const call = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    call.once('error', () => resolve(0));
    call.end(body);
  });
}
