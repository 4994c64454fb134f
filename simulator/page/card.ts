import type * as Library from 'adaptivecards';
import { markdownHtml, withMentions, withValues } from './cardText.ts';
import { h } from './dom.ts';
import { hostConfig } from './hostConfig.ts';
import { language, t } from './language.ts';

// The library comes as a classic script with one global; only its types are imported.
declare const AdaptiveCards: typeof Library;

export type CardAction = Library.Action;

/** A card on the page. `draw` with an unchanged card does nothing; a changed one keeps what stands in its fields. */
export interface Card {
  element: HTMLElement;
  draw(content: unknown): void;
  /** Back to the card's own values at the next drawing. */
  forget(): void;
}

let prepared = false;

function prepare(): void {
  if (prepared) return;
  prepared = true;
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdownHtml(text);
    result.didProcess = true;
  };
  AdaptiveCards.GlobalSettings.setTabIndexAtCardRoot = false;
  AdaptiveCards.Strings.defaults.overflowButtonTooltip = () => t('moreButtons');
}

/** A place for one Adaptive Card; `onAction` gets every action after the library checked the inputs. */
export function cardPlace(onAction: (action: CardAction) => void): Card {
  const element = h('div', { class: 'card', 'data-testid': 'card' });
  let drawn: string | undefined;
  let card: Library.AdaptiveCard | undefined;

  function draw(content: unknown): void {
    // Dates and times in cards are written in the reader's language.
    const wanted = language() + JSON.stringify(content);
    if (wanted === drawn) return;
    drawn = wanted;
    prepare();
    const typed = typedValues(card);
    const focused = element.contains(document.activeElement) ? document.activeElement?.id : undefined;
    card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = new AdaptiveCards.HostConfig(hostConfig);
    card.onExecuteAction = onAction;
    card.parse(withValues(withMentions(content), typed));
    // Not by the JSON's own `lang`: the library's check of it forgets every second card.
    card.lang = language();
    const body = card.render();
    element.replaceChildren(body ?? h('p', { class: 'quiet' }, t('cardEmpty')));
    for (const secret of element.querySelectorAll<HTMLInputElement>('input[type=password]'))
      secret.autocomplete = 'off';
    if (focused) document.getElementById(focused)?.focus();
  }

  return {
    element,
    draw,
    forget() {
      card = undefined;
      drawn = undefined;
    },
  };
}

function typedValues(card: Library.AdaptiveCard | undefined): Record<string, string> {
  const values: Record<string, string> = {};
  for (const input of card?.getAllInputs() ?? []) {
    if (input.id !== undefined && input.isDirty()) values[input.id] = String(input.value ?? '');
  }
  return values;
}
