using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Devices;
using Ringmaster.Devices.State;

namespace Ringmaster.Architecture.Tests;

public sealed class TypeTests
{
    private const string BackingFieldSuffix = "k__BackingField";

    // A field gets here with a reason beside it, or not at all.
    private static readonly HashSet<string> s_allowedStatics =
    [
        // What the host's thread has in a register, which no machine owns.
        "Ringmaster.Host.SegmentBase.t_gs",
    ];

    [Fact]
    public void There_is_no_mutable_static_state() => Rule.Holds(
        "state belongs to an object that a machine owns, so that several machines fit into one process: static fields are readonly or const.",
        from type in SourceTree.Types
        where !IsGenerated(type)
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where IsMutable(field)
        let name = $"{type.FullName}.{WrittenName(field)}"
        where !s_allowedStatics.Contains(name)
        select name);

    [Fact]
    public void Public_types_are_closed_or_meant_for_derivation() => Rule.Holds(
        "a public type is sealed, static, abstract, an interface, an enum, a struct or an exception: who derives from it was thought of.",
        from type in SourceTree.Types
        where type.IsVisible && !type.IsSealed && !type.IsAbstract && !type.IsAssignableTo(typeof(Exception))
        select type.FullName!);

    [Fact]
    public void Every_device_declares_whether_it_has_state() => Rule.Holds(
        $"a device derives from StatefulDevice<TState> or from {nameof(StatelessDevice)}, so that none loses its state in a snapshot silently.",
        from type in SourceTree.Types
        where type.IsAssignableTo(typeof(IDevice)) && !type.IsInterface && !DeclaresState(type)
        select type.FullName!);

    [Fact]
    public void Every_instruction_has_one_handler()
    {
        // The table refuses a second handler while the engine is made.
        var problem = Record.Exception(() => new InterpreterEngine().Dispose());

        Rule.Holds("an instruction is registered once in the interpreter's handler table.", problem is null ? [] : [problem.Message]);
    }

    [Fact]
    public void The_rules_see_devices_and_statics()
    {
        Assert.Contains(SourceTree.Types, type => type.IsAssignableTo(typeof(IDevice)) && type.IsSealed);
        Assert.True(IsMutable(typeof(Sample).GetField(nameof(Sample.s_mutable), BindingFlags.Static | BindingFlags.NonPublic)!));
        Assert.True(IsMutable(typeof(Sample).GetField($"<{nameof(Sample.Mutable)}>{BackingFieldSuffix}", BindingFlags.Static | BindingFlags.NonPublic)!));
        Assert.False(IsMutable(typeof(Sample).GetField(nameof(Sample.s_fixed), BindingFlags.Static | BindingFlags.NonPublic)!));
        Assert.False(IsMutable(typeof(Sample).GetField(nameof(Sample.Constant), BindingFlags.Static | BindingFlags.NonPublic)!));
    }

    /// <summary>Not constant and not readonly. An automatic property's field counts; the compiler's caches do not.</summary>
    private static bool IsMutable(FieldInfo field) =>
        !field.IsLiteral && !field.IsInitOnly
        && (!field.Name.StartsWith('<') || field.Name.EndsWith(BackingFieldSuffix, StringComparison.Ordinal));

    private static string WrittenName(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static bool IsGenerated(Type type) =>
        type.Name.StartsWith('<') || type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.IsDefined(typeof(GeneratedCodeAttribute))
        || (type.DeclaringType is { } outer && IsGenerated(outer));

    private static bool DeclaresState(Type type)
    {
        for (var parent = type; parent is not null; parent = parent.BaseType)
        {
            if (parent == typeof(StatelessDevice) || (parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(StatefulDevice<>)))
                return true;
        }
        return false;
    }

    private static class Sample
    {
        internal const int Constant = 1;
        internal static readonly int s_fixed = Environment.ProcessId;
        internal static int s_mutable = Environment.ProcessId;

        internal static int Mutable { get; set; }
    }
}
