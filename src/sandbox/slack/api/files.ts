import express, { type Router } from 'express';
import type { SharedFile } from '../contract.ts';
import { type Fields, isFields, parseJson, textOf } from '../fields.ts';
import { addMessage } from '../messages.ts';
import { newId, type World } from '../world.ts';
import { ApiFailure, hasApp, requireText, visibleChannel, type Method } from './method.ts';

/** docs.slack.dev/reference/methods/files.getUploadURLExternal */
const getUploadURLExternal: Method = {
  scopes: ['files:write'],
  run({ world, args, url, team }) {
    const name = requireText(args, 'filename');
    const length = Number(requireText(args, 'length'));
    if (!Number.isInteger(length) || length <= 0) throw new ApiFailure('invalid_arguments');
    const id = newId('F').toUpperCase();
    world.uploads.set(id, { id, name, length, teamId: team.id, text: null });
    return { upload_url: new URL(`/upload/v1/${id}`, url).href, file_id: id };
  },
};

/** docs.slack.dev/reference/methods/files.completeUploadExternal */
const completeUploadExternal: Method = {
  scopes: ['files:write'],
  run(call) {
    const { world, args, team } = call;
    const sent: unknown = typeof args['files'] === 'string' ? parseJson(args['files']) : args['files'];
    const files = (Array.isArray(sent) ? sent : []).filter(isFields).map((file) => sharedFile(world, file));
    if (files.length === 0) throw new ApiFailure('invalid_arguments');
    const id = textOf(args, 'channel_id');
    if (id === '') return { files };
    const channel = visibleChannel(call, id);
    if (channel.isArchived) throw new ApiFailure('is_archived');
    if (!hasApp(world, channel)) throw new ApiFailure('not_in_channel');
    addMessage(world, channel, {
      userId: world.teams.get(channel.teamId)?.botUserId ?? team.botUserId,
      botId: team.botId,
      text: textOf(args, 'initial_comment'),
      threadTs: textOf(args, 'thread_ts') || null,
      files,
    });
    return { files: files.map(({ id: fileId, title }) => ({ id: fileId, title })) };
  },
};

/** A file is shared once, after its bytes came. */
function sharedFile(world: World, file: Fields): SharedFile {
  const upload = world.uploads.get(textOf(file, 'id'));
  if (!upload) throw new ApiFailure('file_not_found');
  if (upload.text === null) throw new ApiFailure('file_upload_size_restricted');
  world.uploads.delete(upload.id);
  const { id, name, text } = upload;
  return { id, name, title: textOf(file, 'title') || name, text };
}

export const FILE_METHODS: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': getUploadURLExternal,
  'files.completeUploadExternal': completeUploadExternal,
};

/** Where the bytes go. */
export function uploadRouter(world: World): Router {
  const router = express.Router();
  router.post('/v1/:id', express.raw({ type: '*/*', limit: '5mb' }), (request, response) => {
    const upload = world.uploads.get(request.params.id);
    const body: unknown = request.body;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    if (!upload || upload.text !== null || bytes.length !== upload.length) {
      response.status(400).send('Bad upload');
      return;
    }
    upload.text = bytes.toString('utf8');
    response.send(`OK - ${bytes.length}`);
  });
  return router;
}
