/** What a channel is told of the file that it takes its rules from. */
export const RULE_FILE_NEWS = ['wrong', 'gone'] as const;
export type RuleFileNews = (typeof RULE_FILE_NEWS)[number];
