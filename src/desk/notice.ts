/** Something the desk itself has to say in a customer's thread. */
export type Notice =
  /** A visitor has signed in at the company's site: the conversation goes on under their user id. */
  | { kind: 'becameMember'; userId: string }
  /** The conversation goes on in another thread (`to`), in the Teams channel of this name; without one in General. */
  | { kind: 'movedAway'; to: string; room?: string; by: string }
  /** The customer has waited for an answer `since` then (Unix ms), which `wall` shows as the desk's clocks do. */
  | { kind: 'unanswered'; since: number; wall: string }
  /** What the customer was told outside of business hours. */
  | { kind: 'away'; text: string }
  /** The conversation was given to a person by the desk's rule. */
  | { kind: 'handedOut'; name: string }
  /** Nobody could be given it, and why. */
  | { kind: 'notHandedOut'; code: string; detail?: string };
