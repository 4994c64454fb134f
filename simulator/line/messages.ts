import type { Check } from './check.ts';

/** A message object that passed: its JSON, as it came. */
export interface Message {
  type: string;
  [property: string]: unknown;
}

const checks: Record<string, (message: Check) => void> = {
  text(message) {
    const text = message.text('text', 5_000);
    message.optionalText('quoteToken');
    if (!message.has('emojis')) return;
    for (const emoji of message.list('emojis', 0, 20)) {
      emoji.text('productId');
      emoji.text('emojiId');
      const index = emoji.number('index', 0, 5_000, true) ?? 0;
      if (text[index] !== '$') emoji.complain('index', 'Must be the index of a $ in the text');
    }
  },
  textV2(message) {
    const text = message.text('text', 5_000);
    message.optionalText('quoteToken');
    const given = message.optional('substitution');
    for (const [, name = ''] of text.replaceAll(/\{\{|\}\}/g, '').matchAll(/\{(\w{1,20})\}/g))
      if (!given?.has(name)) message.complain('text', `The substitution, ${name}, is missing`);
    for (const name of Object.keys(given?.fields ?? {})) substitution(given?.object(name));
  },
  image(message) {
    message.url('originalContentUrl');
    message.url('previewImageUrl');
  },
  video(message) {
    message.url('originalContentUrl');
    message.url('previewImageUrl');
    message.optionalText('trackingId', 100);
  },
  audio(message) {
    message.url('originalContentUrl');
    message.number('duration', 1, Number.MAX_SAFE_INTEGER, true);
  },
  location(message) {
    message.text('title', 100);
    message.text('address', 100);
    message.number('latitude', -90, 90);
    message.number('longitude', -180, 180);
  },
  sticker(message) {
    for (const name of ['packageId', 'stickerId'])
      if (!/^\d*$/.test(message.text(name))) message.complain(name, 'Must be a number');
    message.optionalText('quoteToken');
  },
  template(message) {
    message.text('altText', 400);
    const template = message.object('template');
    if (template) templates[template.oneOf('type', Object.keys(templates))]?.(template);
  },
  imagemap(message) {
    message.url('baseUrl');
    message.text('altText', 400);
    const size = message.object('baseSize');
    size?.number('width', 1, 1_040, true);
    size?.number('height', 1, 5_000, true);
    for (const each of message.list('actions', 1, 50)) {
      each.oneOf('type', ['uri', 'message', 'clipboard']);
      each.object('area');
    }
  },
  flex(message) {
    message.text('altText', 400);
    const contents = message.object('contents');
    const type = contents?.oneOf('type', ['bubble', 'carousel']);
    if (type === 'carousel') contents?.list('contents', 1, 12).map((bubble) => bubble.oneOf('type', ['bubble']));
  },
  coupon(message) {
    message.text('couponId');
    message.optionalText('deliveryTag', 30);
  },
};

const templates: Record<string, (template: Check) => void> = {
  buttons(template) {
    if (template.has('thumbnailImageUrl')) template.url('thumbnailImageUrl');
    const title = template.optionalText('title', 40);
    template.text('text', title || template.has('thumbnailImageUrl') ? 60 : 160);
    action(template.optional('defaultAction'));
    for (const each of template.list('actions', 1, 4)) labelled(each);
  },
  confirm(template) {
    template.text('text', 240);
    for (const each of template.list('actions', 2, 2)) labelled(each);
  },
  carousel(template) {
    for (const column of template.list('columns', 1, 10)) {
      if (column.has('thumbnailImageUrl')) column.url('thumbnailImageUrl');
      const title = column.optionalText('title', 40);
      column.text('text', title || column.has('thumbnailImageUrl') ? 60 : 120);
      for (const each of column.list('actions', 1, 3)) labelled(each);
    }
  },
  image_carousel(template) {
    for (const column of template.list('columns', 1, 10)) {
      column.url('imageUrl');
      action(column.object('action'));
    }
  },
};

const actions: Record<string, (action: Check) => void> = {
  postback(action) {
    action.text('data', 300);
    action.optionalText('displayText', 300);
    action.optionalText('text', 300);
  },
  message(action) {
    action.text('text', 300);
  },
  uri(action) {
    const uri = action.text('uri', 1_000);
    if (uri !== '' && !/^(https?|line|tel):[\x21-\x7e]+$/i.test(uri)) action.complain('uri', 'Invalid action URI');
  },
  datetimepicker(action) {
    action.text('data', 300);
    action.oneOf('mode', ['date', 'time', 'datetime']);
  },
  clipboard(action) {
    action.text('clipboardText', 1_000);
  },
  richmenuswitch(action) {
    action.text('richMenuAliasId', 32);
    action.text('data', 300);
  },
  camera: () => undefined,
  cameraRoll: () => undefined,
  location: () => undefined,
};

const only: Record<string, readonly string[]> = { quickReply: ['camera', 'cameraRoll', 'location'] };

function action(each: Check | undefined, quickReply = false): void {
  if (!each) return;
  const known = Object.keys(actions).filter((type) => quickReply || !only.quickReply?.includes(type));
  actions[each.oneOf('type', known)]?.(each);
}

/** Buttons of templates need a label. */
function labelled(each: Check): void {
  each.text('label', 20);
  action(each);
}

function substitution(given: Check | undefined): void {
  if (given?.oneOf('type', ['mention', 'emoji']) === 'emoji') {
    given.text('productId');
    given.text('emojiId');
  } else {
    const mentionee = given?.object('mentionee');
    if (mentionee?.oneOf('type', ['user', 'all']) === 'user') mentionee.text('userId');
  }
}

/** Checks what all message objects share, then what their type asks for. */
export function checkMessage(message: Check): Message {
  checks[message.oneOf('type', Object.keys(checks))]?.(message);
  const sender = message.optional('sender');
  const name = sender?.optionalText('name', 20);
  if (name && /\bLINE\b/i.test(name)) sender?.complain('name', 'May not contain LINE');
  if (sender?.has('iconUrl')) sender.url('iconUrl');
  const quick = message.optional('quickReply');
  if (quick)
    for (const item of quick.list('items', 1, 13)) {
      if (item.has('imageUrl')) item.url('imageUrl');
      const given = item.object('action');
      if (given && !only.quickReply?.includes(String(given.fields.type))) given.text('label', 20);
      action(given, true);
    }
  return message.fields as Message;
}

/** Types that a later message can quote: the answer to a push has a quote token for them. */
export const isQuotable = (type: string): boolean => !['audio', 'location', 'coupon'].includes(type);
