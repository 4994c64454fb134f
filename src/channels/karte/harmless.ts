/**
 * Text that KARTE's widget shows as it was typed. A JSON object in back-ticks would be drawn as buttons and links there
 * (developers.karte.io/docs/customize-chat-message); an invisible space behind the back-tick makes it no JSON any more.
 */
export function harmless(text: string): string {
  return text.replace(/`(?=\s*[{[])/g, '`\u200b');
}

/** What was typed before {@link harmless}: KARTE reports back what it was given. */
export function asTyped(text: string): string {
  return text.replace(/`\u200b(?=\s*[{[])/g, '`');
}
