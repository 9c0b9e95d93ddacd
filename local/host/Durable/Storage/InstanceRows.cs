using System.Globalization;
using System.Text;
using DurableTask.Core;

namespace FinVault.Local.Durable;

/// <summary>The table of instances: its statements and the shape of its rows. Used under the store's lock.</summary>
sealed class InstanceRows(SqliteFile file)
{
    const string Columns = "id, epoch, name, status, created, updated, applied, custom, tags";

    readonly SqliteStatement save = file.Prepare($"""
        INSERT INTO instance({Columns}, inbox, history) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT(id) DO UPDATE SET epoch = ?2, name = ?3, status = ?4, created = ?5, updated = ?6, applied = ?7,
          custom = ?8, tags = ?9, inbox = ?10, history = ?11
        """);

    readonly SqliteStatement delete = file.Prepare("DELETE FROM instance WHERE id = ?1");
    readonly SqliteStatement applied = file.Prepare("SELECT applied FROM instance WHERE id = ?1");
    readonly SqliteStatement find = file.Prepare($"SELECT {Columns}, history FROM instance WHERE id = ?1");

    readonly ByteWriter tags = new();
    readonly ByteWriter inbox = new();

    public void Save(InstanceImage image)
    {
        tags.Clear();
        tags.Texts(image.Tags);
        inbox.Clear();
        foreach (StoredMessage message in image.Inbox)
        {
            message.Write(inbox);
        }

        save.Bind(1, image.Id).Bind(2, image.Epoch).Bind(3, image.Name).Bind(4, (long)image.Status)
            .Bind(5, image.Created.Ticks).Bind(6, image.Updated.Ticks).Bind(7, image.Applied)
            .Bind(8, image.CustomStatus).Bind(9, tags.Written).Bind(10, inbox.Written)
            .Bind(11, image.HistoryBytes()).Execute();
    }

    public void Delete(string id) => delete.Bind(1, id).Execute();

    public long AppliedOf(string id)
    {
        long row = applied.Bind(1, id).Step() ? applied.Int(0) : -1;
        applied.Reset();
        return row;
    }

    public InstanceRow? Find(string id)
    {
        InstanceRow? row = find.Bind(1, id).Step() ? Row(find, find.Bytes(9)) : null;
        find.Reset();
        return row;
    }

    /// <summary>Instances in the order of the bytes of their ids, after the given one.</summary>
    public List<InstanceRow> Page(InstanceFilter filter, string after, int count)
    {
        string history = filter.WithHistory ? "history" : "x''";
        StringBuilder sql = new($"SELECT {Columns}, {history} FROM instance WHERE id > ?1");
        AppendRange(sql, filter);
        using SqliteStatement select = file.Once(sql + " ORDER BY id LIMIT ?2");
        select.Bind(1, after).Bind(2, count);
        if (filter.IdPrefix.Length > 0)
        {
            select.Bind(3, filter.IdPrefix).Bind(4, filter.IdPrefix.Length);
        }

        List<InstanceRow> page = [];
        while (select.Step())
        {
            page.Add(Row(select, select.Bytes(9)));
        }

        return page;
    }

    /// <summary>The images of instances that have not ended.</summary>
    public List<InstanceImage> Live()
    {
        using SqliteStatement select = file.Once(
            $"SELECT {Columns}, inbox, history FROM instance WHERE status NOT IN (1, 3, 4, 5)");
        List<InstanceImage> images = [];
        while (select.Step())
        {
            images.Add(Image(select));
        }

        return images;
    }

    public long LastApplied() => Largest("applied");

    public long LastEpoch() => Largest("epoch");

    long Largest(string column)
    {
        using SqliteStatement select = file.Once($"SELECT COALESCE(MAX({column}), 0) FROM instance");
        select.Step();
        return select.Int(0);
    }

    static void AppendRange(StringBuilder sql, InstanceFilter filter)
    {
        if (filter.IdPrefix.Length > 0)
        {
            sql.Append(" AND id >= ?3 AND substr(id, 1, ?4) = ?3");
        }

        if (filter.Statuses is { } statuses)
        {
            sql.Append(" AND status IN (").AppendJoin(',', statuses.Select(s => (int)s)).Append(')');
        }

        if (filter.CreatedFrom is { } from)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND created >= {from.Ticks}");
        }

        if (filter.CreatedTo is { } to)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND created <= {to.Ticks}");
        }

        if (filter.UpdatedFrom is { } since)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND updated >= {since.Ticks}");
        }

        if (filter.UpdatedTo is { } until)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND updated <= {until.Ticks}");
        }
    }

    static InstanceRow Row(SqliteStatement s, byte[] history) => new(
        s.Text(0)!, s.Text(2)!, (OrchestrationStatus)s.Int(3), Utc(s.Int(4)), Utc(s.Int(5)), s.Text(7),
        new ByteReader(s.Bytes(8)).Texts(), history);

    static InstanceImage Image(SqliteStatement s)
    {
        InstanceImage image = new(s.Text(0)!, s.Int(1))
        {
            Name = s.Text(2)!,
            Status = (OrchestrationStatus)s.Int(3),
            Created = Utc(s.Int(4)),
            Updated = Utc(s.Int(5)),
            Applied = s.Int(6),
            SavedUpTo = s.Int(6),
            CustomStatus = s.Text(7),
            Tags = new ByteReader(s.Bytes(8)).Texts(),
        };
        ByteReader inbox = new(s.Bytes(9));
        while (!inbox.AtEnd)
        {
            image.Inbox.Add(StoredMessage.Read(ref inbox));
        }

        image.History.Add(s.Bytes(10));
        return image;
    }

    static DateTime Utc(long ticks) => new(ticks, DateTimeKind.Utc);
}
