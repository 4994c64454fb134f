/** What Teams asks of a bot's card beyond the schema. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format */

type Json = Record<string, unknown>;

/** One typed object of the card: an element, an input, an action. */
interface Part {
  json: Json;
  type: string;
  /** JSON pointer, as in the schema's errors. */
  place: string;
  /** The part before it in the same list. */
  before?: Json;
}

/** Messages fail from about 100 KB; older clients failed earlier, and a card shares its message with mentions and links. */
const MAX_BYTES = 25 * 1024;
const MAX_REFRESHED_USERS = 60;
/** Free data inside a card, in which a `type` means nothing. */
const NOT_CARD = ['data', 'msteams', 'requires', 'metadata'];

/** One line for each of Teams' rules that the card breaks. Takes a card as parsed JSON. */
export function brokenCardRules(card: Json): string[] {
  const parts = [...partsOf(card)];
  return [
    ...rootIsComplete(card),
    ...isSmall(card),
    ...mentionsAreWritten(card, parts),
    ...idsAreUnique(parts),
    ...refreshIsBounded(card),
    ...parts.flatMap((part) => [
      ...versionIsKnown(part),
      ...actionHasTitle(part),
      ...inputIsLabelled(part),
      ...linkIsOpenable(part),
      ...isShownByTeams(part),
    ]),
  ];
}

function rootIsComplete(card: Json): string[] {
  return [
    ...(card.type === 'AdaptiveCard' ? [] : ['/type: must be "AdaptiveCard"']),
    ...('version' in card ? [] : ['/version: must be given, "1.5" at most']),
  ];
}

function versionIsKnown({ json, type, place }: Part): string[] {
  if (type !== 'AdaptiveCard' || json.version === undefined) return [];
  const known = typeof json.version === 'string' && /^1\.[0-5]$/.test(json.version);
  return known ? [] : [`${place}/version: Teams renders bot cards up to "1.5"`];
}

/** Teams counts UTF-16. */
function isSmall(card: Json): string[] {
  const bytes = JSON.stringify(card).length * 2;
  return bytes > MAX_BYTES ? [`/: has ${bytes} bytes in UTF-16, ${MAX_BYTES} at most`] : [];
}

/** Teams drops a mention silently when its text stands nowhere in the card, and shows `<at>` as it is when no mention belongs to it. */
function mentionsAreWritten(card: Json, parts: Part[]): string[] {
  const teams = isJson(card.msteams) ? card.msteams : {};
  const entities = Array.isArray(teams.entities) ? teams.entities.filter(isJson) : [];
  const written = parts.flatMap(({ json, type }) =>
    type === 'TextBlock' ? [json.text] : type === 'FactSet' ? factsOf(json) : [],
  );
  const texts = written.filter((text) => typeof text === 'string');
  const mentioned = entities.map(({ text }) => text);
  const spoken = texts.flatMap((text) => text.match(/<at>.*?<\/at>/g) ?? []);
  return [
    ...entities.flatMap(({ type, text, mentioned: person }, at) => {
      const place = `/msteams/entities/${at}`;
      const named = isJson(person) && isText(person.id) && isText(person.name);
      return [
        ...(type === 'mention' && named ? [] : [`${place}: must be a mention with an id and a name`]),
        ...(isText(text) && texts.some((t) => t.includes(text))
          ? []
          : [`${place}/text: stands in no text of the card`]),
      ];
    }),
    ...spoken
      .filter((text) => !mentioned.includes(text))
      .map((text) => `/msteams/entities: nobody is mentioned by ${text}`),
  ];
}

function factsOf({ facts }: Json): unknown[] {
  return Array.isArray(facts) ? facts.filter(isJson).flatMap(({ title, value }) => [title, value]) : [];
}

/** A fallback may carry the id of what it stands in for. */
function idsAreUnique(parts: Part[]): string[] {
  const seen = new Map<unknown, string>();
  return parts.flatMap(({ json, place }) => {
    if (json.id === undefined || place.includes('/fallback')) return [];
    const first = seen.get(json.id);
    if (first !== undefined) return [`${place}/id: "${json.id}" is also the id of ${first}`];
    seen.set(json.id, place);
    return [];
  });
}

function refreshIsBounded({ refresh }: Json): string[] {
  const users = isJson(refresh) && Array.isArray(refresh.userIds) ? refresh.userIds.length : 0;
  return users > MAX_REFRESHED_USERS ? [`/refresh/userIds: has ${users} people, ${MAX_REFRESHED_USERS} at most`] : [];
}

/** Also for an action behind a whole element: the title is what a screen reader says. */
function actionHasTitle({ json, type, place }: Part): string[] {
  return type.startsWith('Action.') && !isText(json.title) ? [`${place}/title: an action needs a title`] : [];
}

function inputIsLabelled({ json, type, place, before }: Part): string[] {
  if (!type.startsWith('Input.') || type === 'Input.Choice') return [];
  const own = isText(json.label) || (type === 'Input.Toggle' && isText(json.title));
  const labelled = own || (before?.type === 'TextBlock' && isText(before.text));
  return [
    ...(labelled ? [] : [`${place}/label: an input needs a label, or a TextBlock right before it`]),
    ...(json.isRequired === true && !isText(json.errorMessage)
      ? [`${place}/errorMessage: a required input has to say what is missing`]
      : []),
  ];
}

function linkIsOpenable({ json, type, place }: Part): string[] {
  if (type === 'Action.OpenUrl' && !hasScheme(json.url, ['http:', 'https:']))
    return [`${place}/url: must be a web address`];
  if (type === 'Image' && !hasScheme(json.url, ['https:', 'data:'])) return [`${place}/url: must be https or data`];
  return [];
}

function isShownByTeams({ type, place }: Part): string[] {
  return type === 'Media' ? [`${place}: Teams does not show Media`] : [];
}

function* partsOf(json: Json, place = '', before?: Json): Generator<Part> {
  if (typeof json.type === 'string') yield { json, type: json.type, place, before };
  for (const [key, value] of Object.entries(json)) {
    if (NOT_CARD.includes(key)) continue;
    const list = Array.isArray(value) ? value : [value];
    for (const [at, item] of list.entries()) {
      if (!isJson(item)) continue;
      yield* partsOf(item, Array.isArray(value) ? `${place}/${key}/${at}` : `${place}/${key}`, list[at - 1]);
    }
  }
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

const hasScheme = (url: unknown, schemes: string[]) =>
  typeof url === 'string' && schemes.includes(URL.parse(url)?.protocol ?? '');
