import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CommandName, Input, Output } from '../../src/rpc/contract.ts';
import { useToast } from '../parts/toast.tsx';
import { useService } from './service.tsx';

interface ActionOptions<O> {
  readonly onDone?: (output: O) => void;
  readonly onFailed?: (error: Error) => unknown;
  /** The failure is shown by the caller, beside what was asked for. */
  readonly isQuiet?: boolean;
}

/** A command that a person asks for. Whatever is shown is asked for again afterwards; failures are told. */
export function useAction<N extends CommandName>(name: N, options: ActionOptions<Output<N>> = {}) {
  const service = useService();
  return useWork((input: Input<N>): Promise<Output<N>> => service[name](input as never) as Promise<Output<N>>, options);
}

/** As `useAction`, for what takes several commands: what is shown is asked for again when all of them are done. */
export function useWork<I, O>(
  work: (input: I) => Promise<O>,
  { onDone, onFailed, isQuiet = false }: ActionOptions<O> = {},
) {
  const client = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: work,
    onSuccess: (output) => {
      void client.invalidateQueries();
      onDone?.(output);
    },
    onError: (error) => {
      onFailed?.(error);
      if (!isQuiet) toast.failure(error);
    },
  });
}
