/**
 * How pip-tools' pull request 2384 clears: no lock, no journal, errors swallowed. Run by Python again and again until
 * the crowd is over; then it says what it took away. It looks at nothing before, so it would always be first: it takes a
 * moment of any length up to 0.3 s each time, which ends before, in and after what the others do. Arguments: the unit,
 * the file that says that it is over, the folder in which it says that it is there.
 */
export const rival = `
import json, os, random, shutil, sys, time

download_dir, over, ready = sys.argv[1:]
open(f"{ready}/{os.getpid()}", "w").close()
taken = []
stale = f"{download_dir}.stale-{os.getpid()}"
while not os.path.exists(over):
    time.sleep(random.random() * 0.3)
    try:
        os.replace(download_dir, stale)
    except OSError:
        continue
    found = os.stat(stale)
    taken.append(f"{found.st_dev}:{found.st_ino}")
    shutil.rmtree(stale, ignore_errors=True)
print(json.dumps({"taken": taken}))
`;

export interface RivalReport {
  readonly taken: readonly string[];
}
