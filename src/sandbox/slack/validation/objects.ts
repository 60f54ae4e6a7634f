import { isFields } from '../fields.ts';
import { LIMITS } from './limits.ts';
import { anyOf, fail, flag, listOf, oneOf, shape, text, url, type Rule } from './rule.ts';

// Composition objects: the parts that blocks and elements are made of.

const plainShape = (max: number): Rule =>
  shape({ required: { type: oneOf('plain_text'), text: text(max) }, optional: { emoji: flag } });

const mrkdwnShape = (max: number): Rule =>
  shape({ required: { type: oneOf('mrkdwn'), text: text(max) }, optional: { verbatim: flag } });

/** A text without markup. */
export function plainText(max: number): Rule {
  return plainShape(max);
}

export function mrkdwnText(max: number): Rule {
  return mrkdwnShape(max);
}

/** A text with or without markup. */
export function anyText(max: number): Rule {
  const plain = plainShape(max);
  const mrkdwn = mrkdwnShape(max);
  return (value, report) => {
    if (!isFields(value)) fail(report, 'must be an object');
    else if (value['type'] === 'plain_text') plain(value, report);
    else if (value['type'] === 'mrkdwn') mrkdwn(value, report);
    else fail(report, 'must be a plain_text or mrkdwn object');
  };
}

export const colorScheme = oneOf('primary', 'danger');

export const confirmation = shape({
  required: { text: anyText(LIMITS.confirmText) },
  optional: {
    title: plainText(LIMITS.confirmTitle),
    confirm: plainText(LIMITS.confirmButton),
    deny: plainText(LIMITS.confirmButton),
    style: colorScheme,
  },
});

/** A choice in a menu or group; only groups of check boxes and radio buttons take markup. */
export function option(label: (max: number) => Rule): Rule {
  return shape({
    required: { text: label(LIMITS.optionText) },
    optional: {
      value: text(LIMITS.optionValue, 0),
      url: url(LIMITS.url),
      description: label(LIMITS.optionDescription),
    },
  });
}

export const optionGroup = shape({
  required: {
    label: plainText(LIMITS.optionText),
    options: listOf(option(plainText), { max: LIMITS.options }),
  },
});

const slackFile = shape({ optional: { id: text(255), url: url(LIMITS.url) }, also: anyOf('id', 'url') });

/** The two ways to say which picture. */
export const imageSource: Record<string, Rule> = { image_url: url(LIMITS.url), slack_file: slackFile };

export const imageElement = shape({
  required: { type: oneOf('image'), alt_text: text(LIMITS.altText) },
  optional: imageSource,
  also: anyOf('image_url', 'slack_file'),
});
