import { buildUi } from '../../../resources/build/build-ui.ts';
import { repository } from '../../helpers/run.ts';

/** Builds the window where a door looks for it, unless it is newer than its sources; files that want it at once share one build. */
export const buildWindow = (): Promise<void> => buildUi({ into: repository, staleOnly: true });
