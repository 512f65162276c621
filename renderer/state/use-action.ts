import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CommandName, Input, Output } from '../../src/rpc/contract.ts';
import { useToast } from '../parts/toast.tsx';
import { useService } from './service.tsx';

interface ActionOptions<N extends CommandName> {
  readonly onDone?: (output: Output<N>) => void;
  readonly onFailed?: (error: Error) => unknown;
  /** The failure is shown by the caller, beside what was asked for. */
  readonly isQuiet?: boolean;
}

/** Something that a person asks for. Whatever is shown is asked for again afterwards; failures are told. */
export function useAction<N extends CommandName>(
  name: N,
  { onDone, onFailed, isQuiet = false }: ActionOptions<N> = {},
) {
  const service = useService();
  const client = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (input: Input<N>): Promise<Output<N>> => service[name](input as never) as Promise<Output<N>>,
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
