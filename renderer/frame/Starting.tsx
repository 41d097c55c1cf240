import { useConnection } from '../state/connection.ts';
import { Button } from '../widgets/Button.tsx';
import { Empty } from '../widgets/Empty.tsx';

/** Before there is anything to show, and when there cannot be. */
export const Starting = () => {
  const { status, error } = useConnection();
  if (status !== 'failed') return <Empty>Looking for the caches of this machine…</Empty>;
  return (
    <Empty
      action={
        <Button tone="main" onClick={() => location.reload()}>
          Try again
        </Button>
      }
    >
      {error.message}
    </Empty>
  );
};
