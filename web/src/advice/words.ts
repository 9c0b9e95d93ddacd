import type { Goal, Model, Profile, Run } from './api';

export const PROFILE_NAMES: Record<Profile, string> = {
  conservative: 'Conservative', cautious: 'Cautious', balanced: 'Balanced', growth: 'Growth', aggressive: 'Aggressive',
};

export const GOALS: Record<Goal, string> = {
  minimumVolatility: 'the least volatility', maximumSharpe: 'the most return for its risk', targetRisk: 'the most return at its volatility',
};

const STEPS: Readonly<Record<string, string>> = {
  prices: 'Reading prices', model: 'Weighing risk and return', comparison: 'Comparing with what you hold',
};

export const sayStep = (run: Run): string =>
  run.status === 'waiting' ? 'Waiting for its turn' : (STEPS[run.progress?.step ?? ''] ?? 'At work');

const KINDS: Record<Model['binding'][number]['kind'], string> = {
  greatestWeight: 'at its greatest weight', leastWeight: 'at its least weight', sector: 'sector at its cap', volatility: 'volatility at its limit',
};

/** A bound that the best allocation runs into: giving way there would make it better. */
export const sayBinding = ({ kind, name, limit }: Model['binding'][number]): string =>
  `${kind === 'volatility' ? 'The whole' : name}: ${KINDS[kind]}, ${percent(limit)}`;

export const percent = (share: number | null, digits = 1): string =>
  share === null ? '–' : `${(share * 100).toFixed(digits)}%`.replace('-', '−');
