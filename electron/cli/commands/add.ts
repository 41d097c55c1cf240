import type { Command } from 'commander';
import { place } from '../../../shared/words.ts';
import { pathFrom } from '../arguments.ts';
import { withExamples } from '../example.ts';
import { type Act, need, type Session } from '../session.ts';

const add = async ({ client, terminal, answer }: Session, path: string, isCache: boolean): Promise<0> => {
  const cache = need(await client.call('add', { path: pathFrom(terminal.cwd, path), isCache }));
  answer(cache, () => [
    `Added ${cache.name} at ${place(cache.root, terminal.home)} (${cache.id}).`,
    `  ${cache.because}`,
    ...(cache.problem === null ? [] : [`  ${cache.problem.message}`]),
    `To take it off the list again: ${terminal.self} forget ${cache.id}`,
  ]);
  return 0;
};

export const defineAdd = (program: Command, act: Act): void => {
  const command = program
    .command('add')
    .description('Adds a folder to the list, when there is evidence that it is a cache.')
    .argument('<path>', 'the folder')
    .option('--this-is-a-cache', 'your word that it is one, where there is no evidence')
    .action((path: string, { thisIsACache }: { readonly thisIsACache?: true }) =>
      act((session) => add(session, path, thisIsACache === true), 'leave'),
    );
  withExamples(command, 'add ./build-cache --this-is-a-cache');
};
