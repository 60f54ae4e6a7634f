import { LIMITS } from './limits.ts';
import { anything, byType, flag, integer, listOf, oneOf, shape, text, type Rule } from './rule.ts';

// One row for each part of a rich_text block of @slack/types 3.2.0.

const id = text(255);
const style = shape({ optional: { bold: flag, italic: flag, strike: flag, code: flag, underline: flag } });
const leaf = (required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule =>
  shape({ required: { type: anything, ...required }, optional: { style, ...optional } });

// Slack takes mail and other schemes in links too, so a link is only held to its length.
const linkUrl = text(LIMITS.url);

const LEAVES: Readonly<Record<string, Rule>> = {
  text: leaf({ text: text(LIMITS.blocksText) }),
  link: leaf({ url: linkUrl }, { text: text(LIMITS.text), unsafe: flag }),
  user: leaf({ user_id: id }),
  usergroup: leaf({ usergroup_id: id }),
  team: leaf({ team_id: id }),
  channel: leaf({ channel_id: id }),
  emoji: leaf({ name: id }, { unicode: id, url: linkUrl }),
  broadcast: leaf({ range: oneOf('here', 'channel', 'everyone') }),
  color: leaf({ value: id }),
  date: leaf({ timestamp: integer(0, 99_999_999_999), format: id }, { url: linkUrl, fallback: text(LIMITS.text) }),
};

const many = { max: 1_000, min: 0 };
const leaves = listOf(
  byType(() => LEAVES),
  many,
);
const border = { border: oneOf(0, 1) };
const section = shape({ required: { type: oneOf('rich_text_section'), elements: leaves } });

const PARTS: Readonly<Record<string, Rule>> = {
  rich_text_section: section,
  rich_text_list: shape({
    required: { type: anything, style: oneOf('bullet', 'ordered'), elements: listOf(section, many) },
    optional: { indent: integer(0, 8), offset: integer(0, 10_000), ...border },
  }),
  rich_text_quote: shape({ required: { type: anything, elements: leaves }, optional: border }),
  rich_text_preformatted: shape({
    required: {
      type: anything,
      elements: listOf(
        byType(() => LEAVES, ['text', 'link']),
        many,
      ),
    },
    optional: border,
  }),
};

/** A rich_text block, alone, in a table cell or as a title. */
export const richText = shape({
  required: {
    type: oneOf('rich_text'),
    elements: listOf(
      byType(() => PARTS),
      many,
    ),
  },
  optional: { block_id: text(LIMITS.blockId) },
});
