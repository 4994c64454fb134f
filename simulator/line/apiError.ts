import type { Answer } from '../http.ts';

/** One complaint about the body of a request. */
export interface Complaint {
  message: string;
  property: string;
}

/** A refusal in the Messaging API's shape. https://developers.line.biz/en/reference/messaging-api/#error-responses */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly answer: Answer;

  constructor(status: number, message: string, more: object = {}, headers?: Record<string, string>) {
    super(message);
    this.answer = { status, headers, body: { message, ...more } };
  }
}

/** What the errors say; the product may show them and must not lean on them. */
export const says = {
  badToken:
    'Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization header is valid.',
  noToken: 'Authentication failed due to the following reason: missing access token.',
  notForYou: 'Access to this API is not available for your account',
  rate: 'The API rate limit has been exceeded. Try again later.',
  quota: 'You have reached your monthly limit.',
  retryKey: 'The retry key is already accepted',
  replyToken: 'Invalid reply token',
  notSent: 'Failed to send messages',
  noProfile: 'Not found',
  noContent: 'not found',
  gone: 'The content is gone',
  noWebhook: 'Webhook endpoint not found',
  badWebhook: 'Invalid webhook endpoint URL',
  readToken: 'Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook.',
  tooLarge: 'Request entity too large',
} as const;

/** What a planned fault says when nobody gave it words. */
export const faultWords: Record<number, string> = {
  400: says.notSent,
  401: says.badToken,
  403: says.notForYou,
  404: says.noProfile,
  409: says.retryKey,
  410: says.gone,
  413: says.tooLarge,
  429: says.rate,
  500: 'Internal server error',
};

/** `The request body has 2 error(s)`, each named. */
export function refuse(details: Complaint[]): never {
  throw new ApiError(400, `The request body has ${details.length} error(s)`, { details });
}

/** A property whose JSON type can't be. */
export function invalidProperty(property: string): never {
  throw new ApiError(400, `The property, ${property}, in the request body is invalid (line: -, column: -)`);
}
