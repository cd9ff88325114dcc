// Looks for the number behind the salt whose hash is the challenge. A module worker, because the
// page must go on scrolling meanwhile; with a library, because browsers hash by themselves only
// on https.

import { sha256 } from "../vendor/noble/sha2.js";
import { bytesToHex } from "../vendor/noble/utils.js";

const encoder = new TextEncoder();

/**
 * @param {{salt: string, challenge: string, maxnumber: number}} task
 * @returns {number|undefined} the number, undefined when there is none up to `maxnumber`
 */
export function solve({ salt, challenge, maxnumber }) {
  const start = sha256.create().update(encoder.encode(salt));
  for (let number = 0; number <= maxnumber; number += 1) {
    const hash = start.clone().update(encoder.encode(String(number))).digest();
    if (bytesToHex(hash) === challenge) return number;
  }
  return undefined;
}

addEventListener("message", ({ data }) => { postMessage(solve(data)); });
