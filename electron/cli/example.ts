import type { Command } from 'commander';

/** Ends a command's help with examples that can be copied. */
export const withExamples = (command: Command, ...examples: readonly string[]): Command =>
  command.addHelpText('after', ({ command: { parent } }) => {
    const lines = examples.map((example) => `  ${parent?.name() ?? ''} ${example}`);
    return `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`;
  });
