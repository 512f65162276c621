import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Mark } from '../shell/mark.tsx';
import { useKeepPage } from '../state/use-keep-page.ts';
import { AccountStep } from './account-step.tsx';
import { CheckWordsStep } from './check-words-step.tsx';
import { FolderStep } from './folder-step.tsx';
import css from './onboarding.module.css';
import { PlaceStep } from './place-step.tsx';
import { PreviewStep } from './preview-step.tsx';
import type { FolderChoice } from './use-folder-form.ts';
import { WordsStep } from './words-step.tsx';

type Step =
  | { readonly at: 'place' }
  | { readonly at: 'account'; readonly server: string; readonly isHere: boolean }
  | { readonly at: 'words'; readonly email: string; readonly words: readonly string[] }
  | { readonly at: 'check'; readonly email: string; readonly words: readonly string[] }
  | { readonly at: 'folder'; readonly before: FolderChoice | null }
  | { readonly at: 'preview'; readonly pair: string; readonly choice: FolderChoice };

const order = ['place', 'account', 'words', 'check', 'folder', 'preview'] as const;

interface OnboardingProps {
  /** Someone signs in here, and the rest is still to come; or could not. */
  readonly onSettingUp: (isSettingUp: boolean) => void;
  readonly onDone: () => void;
}

/** From nothing to the first sync, a question at a time. */
export function Onboarding({ onSettingUp, onDone }: OnboardingProps) {
  const t = useMessages();
  const [step, setStep] = useState<Step>({ at: 'place' });
  const at = order.indexOf(step.at) + 1;
  useKeepPage(step.at === 'words' || step.at === 'check');
  return (
    <div className={css.frame}>
      <header className={css.brand}>
        <Mark />
        <span>{t.app}</span>
        <span className={css.count}>{t.welcome.step(at, order.length)}</span>
      </header>
      <div className={css.rail} aria-hidden="true">
        {order.map((name, index) => (
          <span key={name} data-done={index < at} />
        ))}
      </div>
      <main className={css.main} key={step.at}>
        {step.at === 'place' ? (
          <PlaceStep onNext={(server, isHere) => setStep({ at: 'account', server, isHere })} />
        ) : step.at === 'account' ? (
          <AccountStep
            server={step.server}
            isHere={step.isHere}
            onBack={() => setStep({ at: 'place' })}
            onSettingUp={onSettingUp}
            onCreated={(email, words) => setStep({ at: 'words', email, words })}
            onSignedIn={() => setStep({ at: 'folder', before: null })}
          />
        ) : step.at === 'words' ? (
          <WordsStep email={step.email} words={step.words} onNext={() => setStep({ ...step, at: 'check' })} />
        ) : step.at === 'check' ? (
          <CheckWordsStep
            words={step.words}
            onBack={() => setStep({ ...step, at: 'words' })}
            onNext={() => setStep({ at: 'folder', before: null })}
          />
        ) : step.at === 'folder' ? (
          <FolderStep
            before={step.before}
            onAdded={(pair, choice) => setStep({ at: 'preview', pair, choice })}
            onLater={onDone}
          />
        ) : (
          <PreviewStep
            pair={step.pair}
            onBack={() => setStep({ at: 'folder', before: step.choice })}
            onStarted={onDone}
          />
        )}
      </main>
    </div>
  );
}
