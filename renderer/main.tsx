import './state/without-eval.ts';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { must } from '../src/common/errors.ts';
import { App } from './shell/app.tsx';
import { connectThisPage } from './state/connect-this-page.ts';
import { keepFocus } from './state/keep-focus.ts';

keepFocus();

createRoot(must(document.getElementById('root'))).render(
  <StrictMode>
    <App connection={connectThisPage()} />
  </StrictMode>,
);
