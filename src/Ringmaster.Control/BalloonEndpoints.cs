using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ringmaster.Control;

/// <summary>The part of the REST API about memory.</summary>
internal static class BalloonEndpoints
{
    private const string Path = "/balloon";

    // What a guest needs to go on at all.
    private const ulong Least = 32 << 20;

    public static void Map(IEndpointRouteBuilder api, ControlledVm vm)
    {
        api.MapGet(Path, () => Describe(vm));
        api.MapPut(Path, ControlEndpoints.WithBody(ControlJson.Default.VmBalloonRequest, request => Inflate(vm, request.TargetBytes)));
    }

    private static IResult Inflate(ControlledVm vm, ulong target) => ControlEndpoints.Try(() =>
    {
        if (target < Least || target > vm.MemoryBytes)
            throw new InvalidOperationException($"The guest can keep {Least >> 20}M to {vm.MemoryBytes >> 20}M.");
        vm.Machine.Inflate(vm.MemoryBytes - target);
        return Describe(vm);
    });

    private static IResult Describe(ControlledVm vm)
    {
        if (vm.Machine.Balloon is not { } balloon)
            return ControlEndpoints.Refuse("The VM has no memory balloon. Start it with --balloon.");
        // The guest says what it likes.
        var given = Math.Min(balloon.Actual, vm.MemoryBytes);
        return ControlEndpoints.Answer(new VmBalloon(vm.MemoryBytes, vm.MemoryBytes - Math.Min(balloon.Target, vm.MemoryBytes), vm.MemoryBytes - given), ControlJson.Default.VmBalloon);
    }
}
