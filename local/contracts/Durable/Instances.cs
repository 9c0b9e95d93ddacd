namespace Microsoft.DurableTask
{
    public record ParentOrchestrationInstance(TaskName Name, string InstanceId);

    public abstract class TaskActivityContext
    {
        protected TaskActivityContext()
        {
        }

        public abstract TaskName Name { get; }

        public abstract string InstanceId { get; }

        public virtual string Version => string.Empty;
    }
}

namespace Microsoft.DurableTask.Abstractions
{
    public static class TaskOrchestrationVersioningUtils
    {
        /// <summary>
        /// Part by part as numbers where both are such versions, else as text; empty is older than any.
        /// </summary>
        public static int CompareVersions(string sourceVersion, string otherVersion)
        {
            bool unversioned = string.IsNullOrWhiteSpace(sourceVersion);
            if (unversioned || string.IsNullOrWhiteSpace(otherVersion))
            {
                return !unversioned ? 1 : string.IsNullOrWhiteSpace(otherVersion) ? 0 : -1;
            }

            return Version.TryParse(sourceVersion, out Version? source)
                && Version.TryParse(otherVersion, out Version? other)
                ? source.CompareTo(other)
                : string.Compare(sourceVersion, otherVersion, StringComparison.OrdinalIgnoreCase);
        }
    }
}
