import type { Post } from '../../simulator/state.ts';
import { ja } from '../../src/text/ja.ts';

/** The marks of a possible repeat, at a message and at a thread's root. */
const REPEAT = '再送です';
const ROOT_REPEAT = '同じスレッドがすでに作られている可能性';

interface Block {
  type: string;
  inlines?: { text: string }[];
}

/** The words of customers that a post shows verbatim, one for each message in it. */
export function runsOf(post: Post): string[] {
  const { body = [] } = (post.attachments[0]?.content ?? {}) as { body?: Block[] };
  return body.flatMap(({ type, inlines = [] }) =>
    type === 'RichTextBlock' ? [inlines.map(({ text }) => text).join('')] : [],
  );
}

/** Whether the post says of itself that it may stand there already. */
export function isMarked(post: Post): boolean {
  const text = JSON.stringify(post.attachments);
  return text.includes(REPEAT) || text.includes(ROOT_REPEAT);
}

/** Whether the post asks a person what to do about a message that was not, or perhaps not, delivered. */
export function isFailure(post: Post): boolean {
  return post.fromBot && JSON.stringify(post.attachments).includes(ja['failure.sendAgain']);
}

/** Whether a root card is about this customer. */
export function isAbout(root: Post, key: string): boolean {
  return root.fromBot && runsOf(root).some((run) => run.includes(key));
}
