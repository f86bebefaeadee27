namespace Ringmaster.Backends.Tests.Display;

/// <summary>A test that needs programs of the host, and is shown as skipped where they are missing.</summary>
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] tools)
    {
        var missing = tools.Where(tool => HostTool.Find(tool) is null).ToArray();
        if (missing.Length > 0)
            Skip = $"not installed: {string.Join(", ", missing)}";
    }
}
