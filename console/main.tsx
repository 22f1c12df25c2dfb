/** The page's start: styles, and the application in its place. */

import { render } from 'preact';
import { App } from './app.tsx';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/page.css';
import './styles/spans.css';
import './styles/incidents.css';
import './styles/services.css';
import './styles/graph.css';

render(<App />, document.getElementById('app')!);
