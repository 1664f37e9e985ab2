/** The worker's own script: messages to the desk, and what the desk says back. */
import { ProfileDesk } from './profile-desk.ts';
import type { ToWorker } from './profile-questions.ts';

const desk = new ProfileDesk((message, transfer) => postMessage(message, { transfer }));
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => desk.take(data));
