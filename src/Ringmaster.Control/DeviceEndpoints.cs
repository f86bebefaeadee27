using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ringmaster.Control;

/// <summary>The part of the REST API about devices.</summary>
internal static class DeviceEndpoints
{
    private const string Path = "/devices";

    /// <summary>How long a guest may take to let a device go before the caller is told.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static void Map(IEndpointRouteBuilder api, ControlledVm vm)
    {
        api.MapGet(Path, () => ControlEndpoints.Answer([.. All(vm)], ControlJson.Default.VmDeviceArray));
        api.MapPost(Path, ControlEndpoints.WithBody(ControlJson.Default.VmDeviceRequest, request => Plug(vm, request)));
        api.MapDelete(Path + "/{id}", (string id) => Unplug(vm, id));
    }

    private static IEnumerable<VmDevice> All(ControlledVm vm) => vm.Machine.Devices.Select(d => new VmDevice(d.Name, d.Kind, d.Address));

    private static IResult Plug(ControlledVm vm, VmDeviceRequest request) => ControlEndpoints.Try(() =>
    {
        var name = vm.Plug(request);
        return ControlEndpoints.Answer(All(vm).First(device => device.Name == name), ControlJson.Default.VmDevice);
    });

    private static async Task<IResult> Unplug(ControlledVm vm, string id)
    {
        var device = All(vm).FirstOrDefault(d => d.Name == id);
        try
        {
            await vm.Machine.Unplug(id).WaitAsync(s_patience).ConfigureAwait(false);
            return ControlEndpoints.Answer(device!, ControlJson.Default.VmDevice);
        }
        catch (InvalidOperationException refusal)
        {
            return ControlEndpoints.Refuse(refusal.Message);
        }
        catch (TimeoutException)
        {
            return ControlEndpoints.Refuse($"The guest has not let {id} go within {s_patience.TotalSeconds:0} s: it is in use there, or no driver listens. "
                + "The device stays, and leaves when the guest lets it go or is reset.");
        }
    }
}
