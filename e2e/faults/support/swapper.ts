import path from 'node:path';
import type { Box } from './box.ts';
import { compile, type Other, startOther } from './other.ts';

/**
 * Lets pairs of names change places (renameat2(2), RENAME_EXCHANGE), over and over and as fast as it can, by handles of
 * the folders in which they stand, so that it goes on wherever those are renamed to. A line says which: folder, name,
 * folder, name, and so on, with tabs between. A name that ends with `*` is whatever begins so. It answers when each pair
 * has changed places once. An empty line ends that, and is answered with how often it worked.
 */
const source = `
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static char line[262144];
static struct pair { int from, to; char *one, *other; } pairs[256];
static int count;

static int has_input(void) {
  struct pollfd in = { 0, POLLIN, 0 };
  return poll(&in, 1, 0) > 0;
}
/* One line, by single bytes: nothing may wait in a buffer where poll does not see it. */
static int read_line(void) {
  size_t at = 0;
  char byte;
  while (read(0, &byte, 1) == 1) {
    if (byte == '\\n') { line[at] = 0; return 1; }
    line[at++] = byte;
  }
  return 0;
}
static int folder(const char *path) { return open(path, O_RDONLY | O_DIRECTORY); }
static int exchange(const struct pair *it, const char *one) {
  return syscall(SYS_renameat2, it->from, one, it->to, it->other, 2) == 0;
}
static int begins(const struct pair *it) { return it->one[strlen(it->one) - 1] == '*'; }
static long swap(const struct pair *it) {
  long worked = 0;
  if (!begins(it)) {
    for (int times = 0; times < 4; times++) worked += exchange(it, it->one);
    return worked;
  }
  DIR *all = fdopendir(openat(it->from, ".", O_RDONLY | O_DIRECTORY));
  for (struct dirent *entry; all && (entry = readdir(all));)
    if (!strncmp(entry->d_name, it->one, strlen(it->one) - 1))
      for (int times = 0; times < 5; times++) worked += exchange(it, entry->d_name);
  if (all) closedir(all);
  return worked;
}
int main(void) {
  long worked = 0;
  while (1) {
    if (count == 0 || has_input()) {
      for (int at = 0; at < count; at++) { close(pairs[at].from); close(pairs[at].to); }
      count = 0;
      if (!read_line()) return 0;
      if (line[0] == 0) { printf("%ld\\n", worked); fflush(stdout); worked = 0; continue; }
      for (char *word = strtok(line, "\\t"); word && count < 256; word = strtok(0, "\\t")) {
        struct pair *it = &pairs[count++];
        it->from = folder(word);
        it->one = strtok(0, "\\t");
        it->to = folder(strtok(0, "\\t"));
        it->other = strtok(0, "\\t");
        if (it->from < 0 || it->to < 0) { puts("not there"); fflush(stdout); return 1; }
        if (!begins(it) && exchange(it, it->one)) worked++;
      }
      puts("on");
      fflush(stdout);
    }
    for (int at = 0; at < count; at++) worked += swap(&pairs[at]);
    /* A rename locks both folders: others must get a turn too. */
    usleep(50);
  }
}`;

export interface Swapper {
  readonly other: Other;
  /** From when this resolves on these pairs change places all the time. */
  swap(...pairs: readonly (readonly [one: string, other: string])[]): Promise<void>;
  /** Ends that. Resolves with how often it worked. */
  stop(): Promise<number>;
}

export const startSwapper = (box: Box): Swapper => {
  const other = startOther(compile(box.scratch, 'swapper', source), []);
  return {
    other,
    swap: async (...pairs) => {
      const words = pairs.flat().flatMap((at) => [path.dirname(at), path.basename(at)]);
      const said = await other.ask(words.join('\t'));
      if (said !== 'on') throw new Error(`names cannot change places: ${said}`);
    },
    stop: async () => Number(await other.ask('')),
  };
};
