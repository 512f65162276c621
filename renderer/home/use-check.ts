import { useEffect, useRef, useState } from 'react';
import type { Output } from '../../src/rpc/contract.ts';
import { useMessages } from '../i18n/messages.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';

type Problems = Output<'verify'>['problems'];

/** Checks all files of a pair, and keeps what is wrong with them until it has been seen. */
export function useCheck(pair: string): { found: Problems; check: () => void; forget: () => void } {
  const t = useMessages();
  const toast = useToast();
  const [found, setFound] = useState<Problems>([]);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const verify = useAction('verify', {
    onDone: ({ nodes, problems }) => {
      if (problems.length === 0) return toast.say(t.home.verified(nodes));
      setFound(problems);
      // It takes a while: the person may be elsewhere by now.
      if (!isShown.current) toast.warn(t.home.problems(problems.length));
    },
  });
  const check = () => {
    toast.say(t.home.verifyRunning, true);
    verify.mutate({ pair, isDeep: false });
  };
  return { found, check, forget: () => setFound([]) };
}
