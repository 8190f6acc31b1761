import assert from "node:assert/strict";
import { test } from "node:test";
import { type MediaSources, readMedia } from "../../src/channel/media.ts";
import type { Attachment } from "../../src/qq/types.ts";
import { failing, fakeCaller } from "../support/caller.ts";

const CHAT = { kind: "group", id: "20002" } as const;
const BYTES = new Uint8Array([1, 2, 3]);
const PICTURE: Attachment = {
  kind: "image",
  url: "https://multimedia.nt.qq.com.cn/a",
  file: "a.png",
};

interface Given {
  /** Whether the address gives the file. */
  address?: boolean;
  bridge?: unknown;
  maxBytes?: number;
}

/** Read one attachment; gives its fact, what was asked, and what was said in the log. */
async function reading(attachment: Attachment, given: Given = {}) {
  const log: string[] = [];
  const loaded: string[] = [];
  const saved: { type: string | undefined; size: number }[] = [];
  const caller = fakeCaller({ "bridge.media.get": () => thrown(given.bridge) });
  const store = {
    saveRemoteMedia: async ({ url }: { url: string }) => {
      loaded.push(url);
      if (given.address === false) throw new Error("410 Gone");
      return { id: "1", path: "/media/remote", size: 3, contentType: "image/png" };
    },
    saveMediaBuffer: async (buffer: Buffer, type?: string) => {
      saved.push({ type, size: buffer.length });
      return {
        id: "2",
        path: "/media/bytes",
        size: buffer.length,
        ...(type && { contentType: type }),
      };
    },
  };
  const sources: MediaSources = {
    store,
    calls: caller,
    account: "default",
    maxBytes: given.maxBytes ?? 1000,
    log: (line) => log.push(line),
  };
  const [fact] = await readMedia([attachment], CHAT, "77", sources);
  return { fact, log, loaded, saved, asked: caller.calls };
}

function thrown(answer: unknown): unknown {
  if (answer instanceof Error) throw answer;
  return answer;
}

test("a picture is loaded from where QQ has it", async () => {
  const { fact, loaded, asked } = await reading(PICTURE);
  assert.equal(fact?.path, "/media/remote");
  assert.equal(fact?.messageId, "77");
  assert.deepEqual([loaded.length, asked.length], [1, 0]);
});

test("where that fails, the bridge gets it from the peer", async () => {
  const { fact, asked } = await reading(PICTURE, { address: false, bridge: { data: BYTES } });
  assert.equal(fact?.path, "/media/bytes");
  assert.deepEqual(asked[0]?.params, {
    account: "default",
    type: "image",
    file: "a.png",
    url: PICTURE.url,
    group_id: "20002",
  });
});

test("a path in the peer's container is not loaded, but asked for", async () => {
  const file: Attachment = { kind: "file", url: "file:///app/a.pdf", fileId: "/f", name: "a.pdf" };
  const { fact, loaded } = await reading(file, { bridge: { data: BYTES } });
  assert.deepEqual([fact?.path, fact?.fileName, loaded.length], ["/media/bytes", "a.pdf", 0]);
});

test("a voice message is asked for as something that can be heard", async () => {
  const voice: Attachment = { kind: "voice", url: "https://qq.example/v.amr", file: "v.amr" };
  const { fact, asked, saved, loaded } = await reading(voice, { bridge: { data: BYTES } });
  assert.equal(asked[0]?.params["out_format"], "mp3");
  assert.deepEqual(
    [fact?.kind, saved, loaded.length],
    ["audio", [{ type: "audio/mpeg", size: 3 }], 0],
  );
});

test("of what is not to be had the model learns that it was there, and the log why", async () => {
  const { fact, log } = await reading(PICTURE, { address: false, bridge: failing("peer_error") });
  assert.deepEqual([fact?.kind, fact?.path], ["image", undefined]);
  assert.match(log.join(), /image not loaded: 410 Gone; .*peer_error/);
});

test("what is too large is not even asked for", async () => {
  const { fact, log, loaded, asked } = await reading({ ...PICTURE, size: 1001 });
  assert.deepEqual([fact?.path, loaded.length, asked.length], [undefined, 0, 0]);
  assert.match(log.join(), /mediaMaxMb/);
});

test("an attachment that names no file is said to be one", async () => {
  const { fact, log } = await reading({ kind: "video" });
  assert.equal(fact?.kind, "video");
  assert.match(log.join(), /names no file/);
});
