import type { SqlEntityManager } from '@mikro-orm/sql';
import type { CiReportStore } from '../../domain/ports.ts';
import { ReportedJob } from '../entities/reported-job.ts';
import { storableText } from '../storable.ts';

export function createCiReportStore(orm: SqlEntityManager): CiReportStore {
  return {
    async save(workspaceId, eventId, { run: { repository, runId, attempt }, jobs }) {
      const place = { workspaceId, repository, runId, attempt };
      const em = orm.fork();
      // What is told of an attempt first is what its summary is made of.
      const isKnown = (await em.count(ReportedJob, { ...place, eventId: { $ne: eventId } })) > 0;
      if (isKnown || jobs.length === 0) return;
      const rows = jobs.map(({ id, name, conclusion, url }, position) => {
        return { ...place, jobId: id, eventId, position, name: storableText(name), conclusion, url: storableText(url) };
      });
      await em.upsertMany(ReportedJob, rows);
    },
    async jobs(workspaceId, { repository, runId, attempt }) {
      const which = { workspaceId, repository, runId, attempt };
      const rows = await orm.fork().find(ReportedJob, which, { orderBy: { position: 'asc' } });
      return rows.map(({ jobId: id, name, conclusion, url }) => {
        return { id, name, conclusion, url, runner: null, startedAt: null, completedAt: null, steps: [] };
      });
    },
    async findJob(workspaceId, { repository, jobId }) {
      const row = await orm.fork().findOne(ReportedJob, { workspaceId, repository, jobId });
      return row && { eventId: row.eventId, position: row.position };
    },
  };
}
