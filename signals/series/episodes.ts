/**
 * When a signal is raised. A distance beyond the threshold opens an episode, which is raised once; again only when it
 * has become much worse. What the series did in two episodes of the last week is usual, and is not raised. An episode
 * is over after some calm points.
 */
import { days, type Time } from '../../time/duration.ts';

/** How far a point stands out: above what is expected, below it, or by little but lastingly. */
export type Distances = [rise: number, fall: number, shift: number];

/** A finished episode: its end and its largest distances. */
export interface PastEpisode {
  readonly end: Time;
  readonly worst: Readonly<Distances>;
}

/** The past episodes of a series, and the open one. */
export interface Episodes {
  past: PastEpisode[];
  /** Points since the open episode began; 0 when none is open. */
  points: number;
  /** The last of these that were calm. */
  calm: number;
  worst: Distances;
  /** The largest distance that was raised in it, and points since then. */
  raised: number;
  since: number;
}

/** Nothing has happened. */
export const newEpisodes = (): Episodes => ({ past: [], points: 0, calm: 0, worst: [0, 0, 0], raised: 0, since: 0 });

const kept = 16;
const remembered = days(7);
/** An episode is like one that reached this part of its distance; so many like it make it usual. */
const alike = 0.9;
const usualAfter = 2;
/**
 * An episode is raised again when it is so many times as far off: soon after, as it may still be growing, or later.
 */
const worseSoon = 1.5;
const muchWorse = 2.5;
const soon = 10;
/** Calm points that end an episode: a quarter of its points, within these. */
const leastCalm = 6;
const mostCalm = 200;

/** A point as episodes see it. */
export interface Standing {
  readonly time: Time;
  readonly distances: Readonly<Distances>;
  readonly thresholds: Readonly<Distances>;
  /** Too little is known of the series to raise anything. */
  readonly learning: boolean;
}

/** Takes in a point; true if a signal is raised. */
export function takeIn(episodes: Episodes, point: Standing): boolean {
  const { distances, thresholds } = point;
  const isDistant = distances.some((distance, i) => distance > thresholds[i]!);
  if (!isDistant && episodes.points === 0) return false;
  episodes.points++;
  episodes.since++;
  if (!isDistant) {
    rest(episodes, point.time);
    return false;
  }
  episodes.calm = 0;
  let isRaised = false;
  for (let i = 0; i < distances.length; i++) {
    const distance = distances[i]!;
    if (distance > thresholds[i]! && !point.learning && !isUsual(episodes, i, point))
      isRaised ||= isNews(episodes, distance);
    if (distance > episodes.worst[i]!) episodes.worst[i] = distance;
  }
  if (isRaised) {
    episodes.raised = Math.max(...distances);
    episodes.since = 0;
  }
  return isRaised;
}

/** Whether nothing was raised in the open episode yet, or this is much farther off. */
const isNews = ({ raised, since }: Episodes, distance: number): boolean =>
  raised === 0 || distance >= raised * (since <= soon ? worseSoon : muchWorse);

function isUsual({ past }: Episodes, channel: number, { time, distances }: Standing): boolean {
  const least = alike * distances[channel]!;
  const like = past.filter(({ end, worst }) => end >= time - remembered && worst[channel]! >= least);
  return like.length >= usualAfter;
}

function rest(episodes: Episodes, time: Time): void {
  episodes.calm++;
  const length = episodes.points - episodes.calm;
  if (episodes.calm < Math.max(leastCalm, Math.min(mostCalm, length / 4))) return;
  const past = [...episodes.past, { end: time, worst: episodes.worst }].slice(-kept);
  Object.assign(episodes, newEpisodes(), { past });
}
