/**
 * How cards look: near to Teams. Colours are the page's own CSS variables, so light and dark follow the system
 * without drawing a card again (which would lose what stands in its fields).
 */
const tone = (name: string) => ({
  default: `var(--card-${name})`,
  subtle: `var(--card-${name === 'text' ? 'subtle' : name})`,
  highlightColors: { default: 'var(--mark)', subtle: 'var(--mark)' },
});

const foregroundColors = {
  default: tone('text'),
  accent: tone('accent'),
  good: tone('good'),
  warning: tone('warning'),
  attention: tone('attention'),
  dark: tone('text'),
  light: tone('subtle'),
};

const style = (name: string) => ({
  backgroundColor: `var(--card-${name}-fill)`,
  borderColor: 'var(--line)',
  foregroundColors,
});

/** The configuration for `new AdaptiveCards.HostConfig(...)`. */
export const hostConfig = {
  supportsInteractivity: true,
  fontFamily: 'inherit',
  spacing: { small: 6, default: 10, medium: 14, large: 20, extraLarge: 28, padding: 14 },
  separator: { lineThickness: 1, lineColor: 'var(--line)' },
  fontTypes: {
    default: { fontFamily: 'inherit' },
    monospace: { fontFamily: 'var(--mono)' },
  },
  fontSizes: { small: 12, default: 14, medium: 15, large: 17, extraLarge: 21 },
  fontWeights: { lighter: 400, default: 400, bolder: 600 },
  imageSizes: { small: 32, medium: 52, large: 100 },
  containerStyles: {
    default: style('default'),
    emphasis: style('emphasis'),
    accent: style('accent'),
    good: style('good'),
    warning: style('warning'),
    attention: style('attention'),
  },
  actions: {
    maxActions: 6,
    spacing: 'default',
    // The gap of card.css: spacers of the library would stand at the start of a second line.
    buttonSpacing: 0,
    showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' },
    preExpandSingleShowCardAction: false,
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
  },
  adaptiveCard: { allowCustomStyle: true },
  factSet: {
    title: { color: 'default', size: 'default', isSubtle: true, weight: 'default', wrap: true, maxWidth: 150 },
    value: { color: 'default', size: 'default', isSubtle: false, weight: 'default', wrap: true },
    spacing: 14,
  },
  inputs: {
    label: {
      inputSpacing: 'small',
      requiredInputs: { weight: 'bolder', suffix: ' *' },
      optionalInputs: { weight: 'bolder' },
    },
    errorMessage: { color: 'attention', weight: 'default', size: 'small', spacing: 'small' },
  },
};
